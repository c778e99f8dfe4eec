import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';

/** GODEBUG keys that switch rules of TLS or X.509 back to what they once were. */
const relaxing =
  /\b(x509sha1|tlssha1|tlsrsakex|tls3des|tls10server|x509negativeserial|rsa1024min|x509ignoreCN|x509sslcertoverrideplatform|tlsmaxrsasize|tlsunsafeekm)=[^,]*/gi;

export const goDebugOverride = defineCheck({
  id: 'go-debug-override',
  title: 'GODEBUG switches old TLS rules back on',
  severity: 'medium',
  rationale:
    'Each such switch accepts certificates or ciphers that Go refuses for a reason, in this process only. ' +
    'Go drops the switches after some releases: the next upgrade of etcd then breaks what rests on them.',
  remediation:
    'Reissue the certificates that need the switch and take it out of GODEBUG, one member at a time.',
  references: ['https://go.dev/doc/godebug'],
  standards: [],

  needs: ['members'],

  targets: ({ members }) => members,

  examine({ settings }) {
    const setting = settings.processEnvironment['GODEBUG'];
    const switches = setting?.value.match(relaxing) ?? [];
    if (setting === undefined || switches.length === 0) return pass;

    return fail({
      message: `GODEBUG relaxes what Go demands of certificates: ${switches.join(', ')}`,
      expected: "Go's own rules",
      actual: showOrigin(setting.origin),
    });
  },
});
