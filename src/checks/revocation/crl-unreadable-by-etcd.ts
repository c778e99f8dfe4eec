import { unreadableLists } from '../../deployment/revocations.ts';
import { rules } from '../../forecast/rules.ts';
import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail } from '../../model/check.ts';
import { asSentence, blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const crlUnreadableByEtcd = defineCheck({
  id: 'crl-unreadable-by-etcd',
  title: 'etcd cannot read the CRL',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd reads the file for every connection that presents a certificate and rejects all of them if it ' +
    'cannot: clients, peers and its own gateway. It does not check the file at start. Since 3.6 it reads ' +
    'only DER of version 2, so an upgrade with a PEM CRL rejects every client.',
  remediation:
    'Convert the CRL to DER of version 2 (`openssl crl -in LIST.pem -outform DER -out LIST.der`) and set ' +
    '`--client-crl-file` or `--peer-crl-file` to that file. etcd reads the file again each time: no ' +
    'restart is needed if the path stays the same.',
  references: [etcdSecurity, etcdListener],

  explains: ['etcd.crl-unreadable'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets(facts) {
    const blamed = blamedBy(facts, 'etcd.crl-unreadable').map((each) => ({
      ...each,
      list: undefined,
    }));
    const named = new Set(
      blamed.flatMap(({ edges, target }) => (edges.length > 0 ? target.name : [])),
    );
    // Without a client that presents a certificate no connection shows it.
    const others = unreadableLists(facts)
      .filter(({ target }) => !named.has(target.name))
      .map((list) => ({ target: list.target, edges: [], list }));
    return [...blamed, ...others];
  },

  examine({ target, edges, list }) {
    const words = {
      message: `etcd rejects every certificate because it cannot read ${target.name}`,
      expected: 'a CRL in a format that this version reads',
    };
    if (list === undefined) {
      const actual = edges[0]?.serverError ?? 'a format that etcd does not read';
      return examineBlamed({ edges }, { ...words, actual });
    }
    const { file, problem } = list;
    const [trap] = file.revocationList === undefined ? file.traps : [];
    const remedy = rules['etcd.crl-unreadable'].remedy({
      file: file.path,
      list: file.revocationList,
    });
    return fail({
      about: [aboutFile(file.path)],
      ...words,
      actual: problem.text,
      ...(trap !== undefined && { cause: trap.detail }),
      fix: asSentence(remedy),
    });
  },
});
