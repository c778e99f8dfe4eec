// Reads the network's configuration with flannel's own code, from what flanneld's flags say, and
// prints what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/flannel-io/flannel/pkg/ip"
	"github.com/flannel-io/flannel/pkg/subnet/etcd"
)

func main() {
	endpoints := flag.String("etcd-endpoints", "http://127.0.0.1:4001,http://127.0.0.1:2379", "")
	ca := flag.String("etcd-cafile", "", "")
	cert := flag.String("etcd-certfile", "", "")
	key := flag.String("etcd-keyfile", "", "")
	flag.Parse()

	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	settings := &etcd.EtcdConfig{
		Endpoints: strings.Split(*endpoints, ","),
		CAFile:    *ca,
		Certfile:  *cert,
		Keyfile:   *key,
		Prefix:    "/coreos.com/network",
	}
	manager, err := etcd.NewLocalManager(ctx, settings, ip.IP4Net{}, ip.IP6Net{}, 60)
	if err == nil {
		_, err = manager.GetNetworkConfig(ctx)
	}
	fmt.Fprintln(os.Stderr, "Couldn't fetch network config:", err)
}
