import { defineCheck, fail, pass } from '../../model/check.ts';
import { dialsLoopbackOnly } from '../support/clients.ts';
import { etcdConfiguration } from '../support/references.ts';
import { counted, nameInWords } from '../../model/words.ts';

export const clientWithOneEndpoint = defineCheck({
  id: 'client-with-one-endpoint',
  title: 'Client has only one of several endpoints',
  severity: 'medium',
  rationale:
    'If that member restarts or its certificate is rejected, the client stops working although the ' +
    'cluster still has quorum.',
  remediation:
    'Set the endpoints of the client to the client URLs of all members, separated by commas.',
  references: [etcdConfiguration, 'https://etcd.io/docs/latest/learning/design-client/'],

  needs: ['members', 'clients'],

  // etcdctl is run by hand; a client that connects over loopback fails together with its member.
  targets: ({ members, clients }) =>
    members.length < 2
      ? []
      : clients
          .filter((client) => client.kind !== 'etcdctl' && !dialsLoopbackOnly(client))
          .filter(({ endpoints }) => endpoints.value.length > 0)
          .map((client) => ({ ...client, members: members.length })),

  examine({ name, endpoints, members }) {
    const [only, ...others] = endpoints.value;
    if (only === undefined || others.length > 0) return pass;

    return fail({
      message: `${nameInWords(name)} has only one endpoint, and the cluster has ${counted(members, 'member')}`,
      expected: 'the client URLs of all members',
      actual: only,
    });
  },
});
