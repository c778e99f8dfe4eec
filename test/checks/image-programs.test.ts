import { describe, expect, test } from 'vitest';
import { compose, judged } from '../support/containers.ts';

const passes = { status: 'pass', found: [], open: [] };
const open = (what: string) => ({
  status: 'incomplete',
  found: [],
  open: [`7 the healthcheck runs \`wget\` ${what}, so that its connections to etcd are not known`],
});
const noOption = open('with an option that BusyBox does not have');
const mayVerify = open('without `--no-check-certificate`, which BusyBox may need');
const rejected = {
  status: 'fail',
  found: ['health-probe-rejected etcd-0 healthcheck 7'],
  open: [],
};

function probed(image: string, options: string) {
  const words = JSON.stringify(['CMD', 'wget', ...options.split(' ')]);
  const given = compose(`    healthcheck: {test: ${words}}`);
  const text = (given['docker-compose.yml'] ?? '').replace('quay.io/coreos/etcd:v3.5.30', image);
  return judged({ ...given, 'docker-compose.yml': text });
}

const url = 'https://127.0.0.1:2379/health';
const pair =
  '--ca-certificate=/pki/ca.crt --certificate=/pki/client.crt --private-key=/pki/client.key';
const debian = 'example.org/etcd:v3.5.30-debian-12';
const alpine = 'example.org/etcd:v3.5.30-alpine';
const unknown = 'quay.io/coreos/etcd:v3.5.30';

describe('wget is of GNU in some images, and of BusyBox in others', () => {
  test.each([
    { image: debian, options: `-qO- ${pair} ${url}`, is: passes },
    { image: alpine, options: `-qO- ${pair} ${url}`, is: open('with an option that is not known') },
    { image: unknown, options: `-qO- ${pair} ${url}`, is: noOption },
    { image: alpine, options: `-qO- ${url}`, is: mayVerify },
    { image: unknown, options: `-qO- ${url}`, is: mayVerify },
    ...[debian, alpine, unknown].flatMap((image) => [
      { image, options: `-q --spider -T 3 --no-check-certificate ${url}`, is: rejected },
      {
        image,
        options: '-q -Y off -O /dev/null http://127.0.0.1:2381/health',
        is: image === alpine ? passes : open('with `-Y`, which is not followed'),
      },
      { image, options: '-nv -t 1 -O- http://127.0.0.1:2381/health', is: passes },
    ]),
  ])('$image: wget $options', async ({ image, options, is }) => {
    expect(await probed(image, options)).toEqual(is);
  });
});

describe('a service that waits for a healthy etcd', () => {
  const waits =
    '\n  app: {image: "example.org/app:1", depends_on: {etcd: {condition: service_healthy}}}';

  test.each(['', '    healthcheck: {interval: 5s}'])(
    'relies on the image where the file states no test: %s',
    async (own) => {
      const { status, found, open: reasons } = await judged(compose(own + waits));

      expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
      expect(reasons).toEqual([expect.stringContaining('app waits until etcd is healthy')]);
    },
  );

  test.each([
    `    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:2381/health"]}${waits}`,
    waits.replace('service_healthy', 'service_started'),
  ])('and otherwise not: %s', async (more) => {
    expect((await judged(compose(more))).status).toBe('pass');
  });
});
