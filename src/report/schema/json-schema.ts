import { z } from 'zod';
import { reportSchema } from './report.ts';

/** What schemas/report.schema.json holds. */
export function reportJsonSchema(): object {
  return {
    $id: 'https://etcd-tls-audit.github.io/etcd-tls-audit/schemas/report.schema.json',
    title: 'etcd-tls-audit report, version 2',
    ...z.toJSONSchema(reportSchema, { io: 'input', reused: 'ref' }),
  };
}
