"""What Patroni's own code makes of a configuration file and variables: cases as JSON in, answers as JSON out."""
import json, logging, os, sys, tempfile
from patroni.config import Config
from patroni.dcs import dcs_modules, etcd

logging.disable(logging.CRITICAL)
etcd.AbstractEtcdClientWithFailover._load_machines_cache = lambda self: None


class Client(etcd.EtcdClient):
    machines = ['any']

    def __del__(self):
        pass

    def _get_machines_cache_from_dns(self, host, port):
        return [etcd.uri(self.protocol, (host, port))]

    def _get_machines_cache_from_srv(self, srv, srv_suffix=None):
        return []


def answer(text, variables):
    for name in [name for name in os.environ if name.startswith('PATRONI')]:
        del os.environ[name]
    os.environ.update(variables)
    with tempfile.NamedTemporaryFile('w', suffix='.yml') as file:
        file.write(text)
        file.flush()
        config = Config(file.name, None)
    names = [module.split('.')[-1] for module in dcs_modules()]
    name = next((name for name in names if config.get(name) is not None), None)
    if name not in ('etcd', 'etcd3'):
        return None
    section = dict(config.get(name), retry_timeout=10)
    if not set(section) & {'srv', 'discovery_srv', 'srv_domain', 'hosts', 'host', 'url', 'proxy'}:
        return {'section': name, 'endpoints': []}
    client = etcd.AbstractEtcd.get_etcd_client(None, section, Client)
    tls = client.http.connection_pool_kw
    return {
        'section': name,
        'endpoints': client._get_machines_cache_from_config(),
        'proxies': bool(client._use_proxies),
        'ca': tls.get('ca_certs'),
        'cert': tls.get('cert_file'),
        'key': tls.get('key_file') or tls.get('cert_file'),
    }


print(json.dumps([answer(*case) for case in json.load(sys.stdin)]))
