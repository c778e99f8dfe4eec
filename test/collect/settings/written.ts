import { gzipSync } from 'node:zlib';

/** An etcd whose client port is encrypted and asks for no certificate. */
export const unguarded =
  '--name e1 --listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379 --cert-file /etc/etcd/server.crt --key-file /etc/etcd/server.key';

type Texts = Readonly<Record<string, string>>;

/** The same flags in every form: texts by path. */
export function written(flags: string): Readonly<Record<string, Texts>> {
  const words = JSON.stringify(flags.split(' '));
  return {
    'a unit that runs bash': {
      'etcd.service': `[Service]\nExecStart=/bin/bash -c "GOMAXPROCS=$(nproc) /usr/bin/etcd ${flags}"\n`,
    },
    'a unit with nice and ionice': {
      'etcd.service': `[Service]\nExecStart=/usr/bin/nice -n -19 /usr/bin/ionice -c2 -n0 /usr/bin/etcd ${flags}\n`,
    },
    'a unit with a versioned binary': {
      'etcd.service': `[Service]\nExecStart=/opt/etcd-v3.5.16-linux-amd64/etcd-3.5.16 ${flags}\n`,
    },
    'a unit that runs a script': {
      'etc/systemd/system/etcd.service': '[Service]\nExecStart=/usr/local/bin/run-etcd --name e1\n',
      'usr/local/bin/run-etcd': `#!/bin/sh\nset -eu\nexec /usr/bin/etcd "$@" ${flags.replace('--name e1 ', '')} >>/var/log/etcd.log 2>&1\n`,
    },
    'a unit with setpriv and numactl': {
      'etcd.service': `[Service]\nExecStart=/usr/bin/setpriv --reuid etcd --clear-groups -- numactl -N 0 -m 0 etcd ${flags}\n`,
    },
    'a unit of podman': {
      'etcd.service': `[Service]\nExecStart=/usr/bin/podman run --rm --network host -v /etc/etcd:/etc/etcd:Z quay.io/coreos/etcd:v3.5.16 etcd ${flags}\n`,
    },
    'a template of units with the instance in a file name': {
      'etc/systemd/system/etcd@.service':
        '[Service]\nEnvironmentFile=/etc/etcd/%i.env\nExecStart=/usr/bin/etcd $OPTS\n',
      'etc/etcd/e1.env': `OPTS=${flags}\n`,
    },
    'a quadlet': {
      'etcd.container': `[Container]\nImage=quay.io/coreos/etcd:v3.5.16\nExec=etcd ${flags}\nVolume=/etc/etcd:/etc/etcd\n`,
    },
    'a Procfile': { Procfile: `e1: bin/etcd ${flags}\n` },
    'a table of cron': { 'etc/cron.d/etcd': `@reboot root /usr/bin/etcd ${flags}\n` },
    'a container of systemd-nspawn': {
      'etc/systemd/nspawn/etcd.nspawn': `[Exec]\nBoot=no\nParameters=/usr/bin/etcd ${flags}\n\n[Files]\nBind=/etc/etcd\n`,
    },
    'output of crictl inspect': {
      'inspect.json': JSON.stringify(
        {
          status: {
            metadata: { name: 'etcd' },
            image: { image: 'registry.k8s.io/etcd:3.5.16-0' },
            mounts: [{ containerPath: '/etc/etcd', hostPath: '/etc/etcd' }],
          },
          info: { runtimeSpec: { process: { args: ['etcd', ...flags.split(' ')] } } },
        },
        undefined,
        2,
      ),
    },
    'output of ps': { 'ps.txt': `root 812 1 0 etcd ${flags}\n` },
    'output of ps aux': {
      'ps.txt': `USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\netcd 812 0.0 0.1 1 1 ? Ssl 10:00 0:01 /usr/bin/etcd ${flags}\n`,
    },
    'output of systemctl status': {
      'status.txt': `● etcd.service - etcd\n   Main PID: 812 (etcd)\n     CGroup: /system.slice/etcd.service\n             └─812 /usr/bin/etcd ${flags}\n`,
    },
    'output of systemctl show': {
      'show.txt': ['ExecStart', 'ExecStartEx']
        .map(
          (name) =>
            `${name}={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd ${flags} ; ignore_errors=no ; start_time=[n/a] ; pid=0 }\n`,
        )
        .join(''),
    },
    supervisor: {
      'etcd.ini': `[program:etcd]\ncommand=/usr/bin/etcd ${flags} ; comment\nuser=etcd\n`,
    },
    OpenRC: {
      'etc/init.d/etcd': `#!/sbin/openrc-run\ncommand="/usr/bin/etcd"\ncommand_args="\${ETCD_OPTS}"\n`,
      'etc/conf.d/etcd': `ETCD_OPTS="${flags}"\n`,
    },
    'OpenRC with hooks that print': {
      'etc/init.d/etcd': `#!/sbin/openrc-run\ncommand="/usr/bin/etcd"\ncommand_args="\${ETCD_OPTS}"\nstart_pre() {\n  echo starting > /run/etcd\n}\nstart_post() {\n  einfo "etcd runs"\n  cat > /etc/motd <<EOF\nthis host runs etcd\nEOF\n}\n`,
      'etc/conf.d/etcd': `ETCD_OPTS="${flags}"\n`,
    },
    'a property list of launchd': {
      'etcd.plist': `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n<key>Label</key>\n<string>etcd</string>\n<!-- <key>Program</key> -->\n<key>ProgramArguments</key>\n<array>\n<string>/usr/local/bin/etcd</string>\n${flags
        .split(' ')
        .map((word) => `<string>${word}</string>`)
        .join('\n')}\n</array>\n<key>KeepAlive</key>\n<true/>\n</dict>\n</plist>\n`,
    },
    'a job of Nomad': {
      'etcd.nomad.hcl': `job "etcd" {\n  group "etcd" {\n    task "etcd" {\n      driver = "exec"\n      config {\n        command = "/usr/bin/etcd"\n        args = ${words}\n      }\n    }\n  }\n}\n`,
    },
    'an init script': {
      'etc/init.d/etcd': `#!/bin/sh\ncase "$1" in\nstart)\n  start-stop-daemon --start --chuid etcd --exec /usr/bin/etcd -- ${flags}\n  ;;\nesac\n`,
    },
    'an init script of Red Hat’s functions': {
      'etc/rc.d/init.d/etcd': `#!/bin/bash\n. /etc/rc.d/init.d/functions\n[ -f /etc/sysconfig/etcd ] && . /etc/sysconfig/etcd\ndaemon --user=etcd /usr/bin/etcd $ETCD_ARGS\n`,
      'etc/sysconfig/etcd': `ETCD_ARGS="${flags}"\n`,
    },
    'an init script of Debian’s interpreter': {
      'etc/init.d/etcd': `#!/bin/sh /lib/init/init-d-script\nNAME=etcd\nDAEMON=/usr/bin/etcd\nSTART_ARGS="--chuid etcd --background"\n[ -r /etc/default/$NAME ] && . /etc/default/$NAME\n`,
      'etc/default/etcd': `DAEMON_ARGS="${flags}"\n`,
    },
    'an init script next to a unit': {
      'etc/init.d/etcd': '#!/bin/sh\nexec /usr/bin/etcd --name other\n',
      'lib/systemd/system/etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${flags}\n`,
    },
    'an init script named as the program': {
      'etc/init.d/etcd': `#!/bin/sh\nDAEMON=/usr/bin/etcd\nstart-stop-daemon --start --exec $DAEMON -- ${flags}\n`,
    },
    'cloud-config with units': {
      'user-data': `#cloud-config\ncoreos:\n  units:\n  - name: etcd-member.service\n    content: |\n      [Service]\n      ExecStart=/usr/bin/etcd ${flags}\n`,
    },
    'cloud-config with files': {
      'user-data': `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  encoding: b64\n  content: ${Buffer.from(`[Service]\nExecStart=/usr/bin/etcd ${flags}\n`).toString('base64')}\n`,
    },
    Ignition: {
      'config.ign': JSON.stringify({
        ignition: { version: '3.4.0' },
        systemd: {
          units: [
            { name: 'etcd.service', contents: `[Service]\nExecStart=/usr/bin/etcd ${flags}\n` },
          ],
        },
      }),
    },
    Butane: {
      'config.bu': `variant: fcos\nversion: 1.5.0\nsystemd:\n  units:\n  - name: etcd.service\n    contents: |\n      [Service]\n      ExecStart=/usr/bin/etcd ${flags}\n`,
    },
    'a script that writes a unit': {
      'install.sh': `#!/bin/bash\ncat <<EOF | sudo tee /etc/systemd/system/etcd.service\n[Service]\nExecStart=/usr/local/bin/etcd \\\\\n  ${flags}\nEOF\n`,
    },
    'a pod with a shell': {
      'etcd.yaml': `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    image: registry.k8s.io/etcd:3.5.16-0\n    command: [/bin/sh, -c]\n    args:\n    - |\n      #!/bin/sh\n      set -euo pipefail\n      exec nice -n -19 ionice -c2 -n0 etcd ${flags} || mv a b\n    volumeMounts: [{name: pki, mountPath: /etc/etcd}]\n  volumes: [{name: pki, hostPath: {path: /etc/etcd}}]\n`,
    },
    'a pod with flags alone': {
      'etcd.json': `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"rancher/mirrored-coreos-etcd:v3.5.16","args":${words},"volumeMounts":[{"name":"pki","mountPath":"/etc/etcd"}]}],"volumes":[{"name":"pki","hostPath":{"path":"/etc/etcd"}}]}}`,
    },
    'a compose file': {
      'compose.yaml': `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    command: >\n      etcd ${flags}\n    volumes: ["/etc/etcd:/etc/etcd"]\n`,
    },
    'docker inspect': {
      'inspect.json': `[{"Path":"/usr/local/bin/etcd","Args":${words},"Config":{"Env":["PATH=/bin"],"Cmd":null,"Image":"etcd:v3.5.16"},"HostConfig":{"Binds":["/etc/etcd:/etc/etcd"]}}]`,
    },
    'a Dockerfile': {
      Dockerfile: `FROM quay.io/coreos/etcd:v3.5.16\nCMD ["etcd", ${words.slice(1)}\n`,
    },
    'arguments of MicroK8s': {
      'args/etcd': `${flags.replaceAll(' --', '\n--').replaceAll(/ (?=[^-])/g, '=')}\n`,
    },
    'a run file of runit': {
      'etc/sv/etcd/run': `#!/bin/sh\nexec 2>&1\nexec chpst -u etcd /usr/bin/etcd ${flags}\n`,
    },
    'a stack of docker swarm': {
      'stack.yml': `version: "3.8"\nservices:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    command: etcd ${flags}\n    volumes: ["/etc/etcd:/etc/etcd"]\n    deploy:\n      replicas: 1\n`,
    },
    'cloud-config with packed files': {
      'user-data': `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  encoding: gz+b64\n  content: ${gzipSync(`[Service]\nExecStart=/usr/bin/etcd ${flags}\n`).toString('base64')}\n`,
    },
    'functions that are never called': {
      'run.sh': `#!/bin/sh\ntls() {\n  export ETCD_CLIENT_CERT_AUTH=true\n}\nfalse && tls\n( tls )\nexec etcd ${flags}\n`,
    },
    'a shell script with an array': {
      'start.sh': `#!/bin/bash\nARGS=(${flags.replaceAll(' --', '\n  --')})\nexec etcd "\${ARGS[@]}"\n`,
    },
  };
}

/** What is not settled in the files, or is in a form that nobody here reads. */
export const open: Readonly<Record<string, readonly [path: string, line: number, text: string]>> = {
  'a Helm template': [
    'etcd.yaml',
    5,
    'kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: [etcd, "--client-cert-auth={{ .Values.auth }}"]\n',
  ],
  'an Ansible template': [
    'etcd.env.j2',
    2,
    'ETCD_NAME=e1\nETCD_CLIENT_CERT_AUTH={{ etcd_client_auth }}\n',
  ],
  'a template that decides': [
    'etcd.env.j2',
    2,
    'ETCD_NAME=e1\n{% if tls %}\nETCD_CERT_FILE=/a\n{% endif %}\n',
  ],
  'arguments of a caller': ['entrypoint.sh', 2, '#!/bin/sh\nexec etcd "$@"\n'],
  'a program of another name': [
    'etcd.service',
    2,
    '[Service]\nExecStart=/opt/run --initial-cluster a=https://a:2380 --cert-file /a\n',
  ],
  'a command in a command': [
    'run.sh',
    2,
    '#!/bin/sh\nexec etcd --name e1 --listen-client-urls https://$(get-ip):2379\n',
  ],
  'a branch': [
    'run.sh',
    2,
    `#!/bin/sh\nif test -d /etc/tls; then export ETCD_CLIENT_CERT_AUTH=true; fi\nexec etcd ${unguarded}\n`,
  ],
  'a case': [
    'run.sh',
    2,
    `#!/bin/sh\ncase $(uname) in Linux) export ETCD_CLIENT_CERT_AUTH=true ;; esac\nexec etcd ${unguarded}\n`,
  ],
  'one of two commands': [
    'run.sh',
    2,
    `#!/bin/sh\nif test -d /etc/tls; then exec etcd ${unguarded} --client-cert-auth; fi\nexec etcd ${unguarded}\n`,
  ],
  'what eval runs': [
    'run.sh',
    2,
    `#!/bin/sh\neval "$(cat /etc/etcd/env)"\nexec etcd ${unguarded}\n`,
  ],
  'what sed writes': [
    'run.sh',
    2,
    `#!/bin/sh\nsed -i s/ETCD_CLIENT_CERT_AUTH=false/ETCD_CLIENT_CERT_AUTH=true/ /etc/etcd/env\nexec etcd ${unguarded}\n`,
  ],
  'a script for fish': ['run.fish', 1, `#!/usr/bin/fish\nexec etcd ${unguarded}\n`],
  'what sudo keeps back': ['run.sh', 2, '#!/bin/sh\nexport ETCD_NAME=e1\nsudo etcd\n'],
  'a variable that docker passes on': [
    'run.sh',
    2,
    `#!/bin/sh\ndocker run -e ETCD_CLIENT_CERT_AUTH quay.io/coreos/etcd:v3.5.16 etcd ${unguarded}\n`,
  ],
  'a variable that Compose passes on': [
    'compose.yaml',
    5,
    `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    environment:\n    - ETCD_CLIENT_CERT_AUTH\n    command: etcd ${unguarded}\n`,
  ],
  'a variable of a Secret': [
    'pod.yaml',
    7,
    `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: [etcd]\n    env:\n    - name: ETCD_CLIENT_CERT_AUTH\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n`,
  ],
  'a patch of Talos’ machine configuration': [
    'patch.yaml',
    4,
    'cluster:\n  etcd:\n    extraArgs:\n      client-cert-auth: "false"\n',
  ],
  'RKE1’s cluster.yml': [
    'cluster.yml',
    4,
    'services:\n  etcd:\n    extra_args:\n      client-cert-auth: "false"\n',
  ],
  'k0s’ ClusterConfig': [
    'k0s.yaml',
    7,
    'kind: ClusterConfig\nspec:\n  storage:\n    type: etcd\n    etcd:\n      extraArgs:\n        client-cert-auth: "false"\n',
  ],
  'Cluster API’s KubeadmControlPlane': [
    'control-plane.yaml',
    8,
    'kind: KubeadmControlPlane\nspec:\n  kubeadmConfigSpec:\n    clusterConfiguration:\n      etcd:\n        local:\n          extraArgs:\n            client-cert-auth: "false"\n',
  ],
  'a process without its environment': [
    'proc/812/cmdline',
    1,
    `etcd\0${unguarded.replaceAll(' ', '\0')}\0`,
  ],
  'a task of Nomad outside its group': [
    'etcd.nomad.hcl',
    4,
    'job "etcd" {\n  task "etcd" {\n    config {\n      args = ["--initial-cluster", "a"]\n    }\n  }\n}\n',
  ],
  'broken HCL': ['etcd.nomad.hcl', 3, 'job "etcd" {\n  args = ["--initial-cluster"]\n  ]\n}\n'],
  'a kustomization': [
    'kustomization.yaml',
    5,
    'patches:\n- patch: |-\n    - op: add\n      path: /spec/template/spec/containers/0/args/-\n      value: --client-cert-auth=false\n',
  ],
  'a patch of kustomize': [
    'patch.yaml',
    9,
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: etcd}\nspec:\n  template:\n    spec:\n      containers:\n      - name: etcd\n        env: [{name: ETCD_CLIENT_CERT_AUTH, value: "false"}]\n',
  ],
  'a configuration of a client that is not known': [
    'milvus.yaml',
    2,
    'etcd:\n  endpoints: [10.0.0.1:2379]\n  ssl:\n    tlsCACert: /ca.pem\n',
  ],
  'a program that connects to etcd': [
    'stolon.service',
    2,
    '[Service]\nExecStart=/usr/bin/stolon-keeper --store-endpoints=https://10.0.0.1:2379\n',
  ],
  'output of systemctl status that is cut off': [
    'status.txt',
    2,
    '     CGroup: /system.slice/etcd.service\n             └─812 /usr/bin/etcd --name e1 --initial-cluster e1=https://10.0.0.1:2380 --trusted-ca-file /etc/etcd/pk…\n',
  ],
  'a client that is not known, at an IPv6 address': [
    'app.conf',
    1,
    'endpoint = https://[fd00::1]:2379\nca = /etc/app/ca.pem\n',
  ],
  'a module of NixOS': [
    'configuration.nix',
    2,
    '{ config, ... }: {\n  services.etcd = {\n    enable = true;\n    certFile = "/etc/etcd/server.crt";\n  };\n}\n',
  ],
  'output of kubectl describe': [
    'describe.txt',
    7,
    'Name:         etcd\nNamespace:    kube-system\nContainers:\n  etcd:\n    Command:\n      etcd\n      --initial-cluster=a\n',
  ],
  'Helm values': ['values.yaml', 3, 'etcd:\n  extraEnv:\n    ETCD_CLIENT_CERT_AUTH: "false"\n'],
  'a property list that starts nothing': [
    'etcd.plist',
    3,
    '<plist>\n<array>\n<string>--listen-client-urls</string>\n</array>\n</plist>\n',
  ],
};
