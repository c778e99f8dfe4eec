import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';

/** GODEBUG keys that switch rules of TLS or X.509 back to what they once were. */
const relaxing =
  /\b(x509sha1|tlssha1|tlsrsakex|tls3des|tls10server|x509negativeserial|rsa1024min|x509ignoreCN|x509sslcertoverrideplatform|tlsmaxrsasize|tlsunsafeekm)=[^,]*/gi;

export const goDebugOverride = defineCheck({
  id: 'go-debug-override',
  title: 'GODEBUG re-enables old TLS rules',
  severity: 'medium',
  rationale:
    'Each of these switches accepts certificates or ciphers that Go rejects, in this process only. Go ' +
    'removes the switches after some releases: the next upgrade of etcd then breaks the connections that ' +
    'need them.',
  remediation:
    'Reissue the certificates that need the switch and remove it from GODEBUG, one member at a time.',
  references: ['https://go.dev/doc/godebug'],

  needs: ['members'],

  targets: ({ members }) => members,

  examine({ settings }) {
    const setting = settings.processEnvironment['GODEBUG'];
    const switches = setting?.value.match(relaxing) ?? [];
    if (setting === undefined || switches.length === 0) return pass;

    return fail({
      message: `GODEBUG relaxes the certificate rules of Go: ${switches.join(', ')}`,
      expected: 'the defaults of Go',
      actual: showOrigin(setting.origin),
    });
  },
});
