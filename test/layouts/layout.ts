import type { LayoutPlan } from './plan.ts';

/** One row of docs/layouts.md. */
export interface Layout {
  readonly tool: string;
  /** The template that it follows. */
  readonly source: string;
  readonly plan: LayoutPlan;
}
