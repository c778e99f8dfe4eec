import { expect, test } from 'vitest';
import { compose, files, flags, judged, pod, withShell } from '../support/containers.ts';

/** One sound member as a pod, with more of what its container, its pod and the pod's other containers say. */
function podWith(probe: string, { spec = '', others = '' } = {}): Readonly<Record<string, string>> {
  const given = pod(`    ${probe}`, spec);
  return {
    ...given,
    'etcd.yaml': (given['etcd.yaml'] ?? '').replace(/^ {2}volumes:/m, `${others}  volumes:`),
  };
}
const onHost = '  hostNetwork: true';
const sidecar = (more: string) => `  - {name: other, image: "example.org/other:1", ${more}}\n`;
const kubeadm =
  'livenessProbe: {httpGet: {host: 127.0.0.1, path: /health, port: 2381, scheme: HTTP}}';
const at = (port: number | string) => `livenessProbe: {httpGet: {path: /healthz, port: ${port}}}`;

const withoutMetrics = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(given).map(([name, text]) => [
      name,
      text.replace(/"--listen-metrics-urls=[^"]*",/, ''),
    ]),
  );
const withLoopbackMetrics = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(given).map(([name, text]) => [
      name,
      text.replace('http://0.0.0.0:2381', 'http://127.0.0.1:2381'),
    ]),
  );
const rejected = {
  status: 'fail',
  found: [expect.stringMatching(/^health-probe-rejected etcd-0 /)],
  open: [],
};
const passes = { status: 'pass', found: [], open: [] };
const unanswered = { status: 'incomplete', found: [], open: [] };

test.each([
  { what: 'the only container of a pod', given: podWith(at(8080)), is: rejected },
  {
    what: 'the only container, by TCP',
    given: podWith('livenessProbe: {tcpSocket: {port: 8080}}'),
    is: rejected,
  },
  {
    what: 'the only container, by gRPC',
    given: podWith('livenessProbe: {grpc: {port: 8080}}'),
    is: rejected,
  },
  {
    what: 'the only container, by curl',
    given: podWith('livenessProbe: {exec: {command: [curl, -f, "http://127.0.0.1:8080/health"]}}'),
    is: rejected,
  },
  {
    what: 'a port that another container declares',
    given: podWith(at(8080), { others: sidecar('ports: [{containerPort: 8080}]') }),
    is: passes,
  },
  {
    what: 'a port that the command of another container names',
    given: podWith(at(9980), { others: sidecar('command: [readyz, "--listen-port=9980"]') }),
    is: passes,
  },
  {
    what: 'another container that names no port',
    given: podWith(at(8080), { others: sidecar('command: [serve, "--at=18080"]') }),
    is: unanswered,
  },
  {
    what: 'a sidecar among the init containers',
    given: podWith(at(8080), {
      spec: '  initContainers:\n  - {name: proxy, image: "example.org/proxy:1", restartPolicy: Always, ports: [{containerPort: 8080}]}',
    }),
    is: passes,
  },
  {
    what: 'the network of the node, where another pod may listen',
    given: podWith(at(8080), { spec: onHost }),
    is: unanswered,
  },
  {
    what: 'a port that the container declares, on the network of the node',
    given: podWith(`ports: [{containerPort: 8080}]\n    ${at(8080)}`, { spec: onHost }),
    is: rejected,
  },
  {
    what: 'kubeadm without --listen-metrics-urls',
    given: withoutMetrics(podWith(kubeadm, { spec: onHost })),
    is: unanswered,
  },
  {
    what: 'kubeadm without --listen-metrics-urls, next to a container that may listen',
    given: withoutMetrics(podWith(kubeadm, { spec: onHost, others: sidecar('command: [serve]') })),
    is: unanswered,
  },
  {
    what: 'the loopback of the node, where the pod has a network of its own',
    given: podWith(kubeadm),
    is: unanswered,
  },
  {
    what: 'a port name that the container does not have',
    given: podWith(at('metrics')),
    is: unanswered,
  },
  {
    what: 'a service of compose alone',
    given: compose('    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:8080/health"]}'),
    is: rejected,
  },
  {
    what: 'a service of compose that another joins',
    given: compose(
      '    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:8080/health"]}\n  proxy: {image: "example.org/proxy:1", network_mode: "service:etcd"}',
    ),
    is: unanswered,
  },
  {
    what: 'a port of etcd on another service',
    given: withLoopbackMetrics(
      compose(
        '    healthcheck: {test: [CMD, curl, -f, "http://vault:2381/health"]}\n  vault: {image: "example.org/vault:1"}',
      ),
    ),
    is: passes,
  },
  {
    what: 'a port of etcd on a host of which nothing is known',
    given: withLoopbackMetrics(
      compose('    healthcheck: {test: [CMD, curl, -f, "http://vault:2381/health"]}'),
    ),
    is: unanswered,
  },
  {
    what: 'a port of etcd on loopback alone, by the name of the service',
    given: withLoopbackMetrics(
      compose('    healthcheck: {test: [CMD, curl, -f, "http://etcd:2381/health"]}'),
    ),
    is: rejected,
  },
  {
    what: 'another host',
    given: compose('    healthcheck: {test: [CMD, curl, -f, "http://vault:8200/health"]}'),
    is: passes,
  },
])('$what', async ({ given, is }) => {
  expect(await judged(given)).toEqual(is);
});

test('kubeadm declares the port of its probe, and nothing listens there', async () => {
  const given = withoutMetrics(
    podWith('livenessProbe: {httpGet: {host: 127.0.0.1, path: /livez, port: probe-port}}', {
      spec: onHost,
    }),
  );
  const text = (given['etcd.yaml'] ?? '').replace(
    'ports: [{name: client',
    'ports: [{name: probe-port, containerPort: 2381}, {name: client',
  );

  expect(await judged({ ...given, 'etcd.yaml': text })).toEqual(rejected);
});

test('a script that starts another program in addition to etcd', async () => {
  const script = `#!/bin/sh\nexporter --port 8080 &\nexec etcd ${flags('etcd').join(' ')}\n`;
  const given = withShell(
    compose('    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:8080/health"]}'),
  );
  const text = (given['docker-compose.yml'] ?? '').replace(
    /command: .*/,
    'command: ["/pki/run.sh"]',
  );

  expect(await judged({ ...files, 'pki/run.sh': script, 'docker-compose.yml': text })).toEqual(
    unanswered,
  );
});

test('a listen URL that is still to be filled in', async () => {
  const given = podWith(at(8080));
  const text = (given['etcd.yaml'] ?? '').replace('http://0.0.0.0:2381', '$(METRICS)');
  const { status, found } = await judged({ ...given, 'etcd.yaml': text });

  expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
});
