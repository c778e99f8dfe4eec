/** The 4 or 16 octets of an IP address as text, undefined when the text is no IP address. */
export function ipOctets(text: string): Uint8Array | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    return Uint8Array.from(text.split('.').map(Number));
  }
  return /^[\da-f]*:[\da-f:.]*$/i.test(text) ? ipv6Octets(text) : undefined;
}

function ipv6Octets(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const before = groupOctets(head);
  const after = groupOctets(tail ?? '');
  const zeros = Array.from({ length: 16 - before.length - after.length }, () => 0);
  return Uint8Array.from([...before, ...zeros, ...after]);
}

function groupOctets(text: string): readonly number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return group.includes('.') ? group.split('.').map(Number) : [value >> 8, value & 255];
    });
}

/** Address and mask one after the other, as a name constraint holds them. */
export function ipRangeOctets(cidr: string): Uint8Array {
  const [address = '', length] = cidr.split('/');
  const octets = ipOctets(address);
  if (octets === undefined) {
    throw new Error(`no IP range: ${cidr}`);
  }
  const bits = Number(length ?? octets.length * 8);
  const mask = octets.map((_, index) => {
    const ones = Math.max(0, Math.min(8, bits - index * 8));
    return 256 - 2 ** (8 - ones);
  });
  return Uint8Array.from([...octets, ...mask]);
}
