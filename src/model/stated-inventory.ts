export type {
  Inventory,
  InventoryClient,
  InventoryFlag,
  InventoryMember,
  InventoryValue,
  PathMap,
} from '../schema/stated-inventory.ts';
