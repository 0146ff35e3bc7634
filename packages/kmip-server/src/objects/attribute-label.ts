import { type AttributeReference, attributeText, quoted } from '@claviger/kmip-protocol';

/** The name of an attribute as a message may show it: what a client made up is quoted and cut. */
export function attributeLabel(reference: AttributeReference): string {
  const text = attributeText(reference);
  return reference.kind === 'standard' ? text : quoted(text);
}
