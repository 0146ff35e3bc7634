/**
 * What an auditor of each framework asks of a key manager, and which part of the report answers it. The
 * numbers are those of the editions named; their texts are the licensed standards', and not repeated here.
 */

export const FRAMEWORK_IDS = ['pci-dss', 'iso27001', 'soc2', 'nist-800-57'] as const;
export type FrameworkId = (typeof FRAMEWORK_IDS)[number];

/** The parts of a report, in their order. */
export const SECTION_TITLES = {
  integrity: 'Integrity of the log',
  inventory: 'Key inventory',
  lifecycle: 'Life of the keys',
  access: 'Who had access',
  refusals: 'Refused access and failures',
  rootKeys: 'Root keys and policies',
} as const;
export type SectionId = keyof typeof SECTION_TITLES;

export interface Control {
  readonly id: string;
  readonly topic: string;
  readonly sections: readonly SectionId[];
}

export interface Framework {
  readonly title: string;
  readonly controls: readonly Control[];
}

function control(id: string, topic: string, ...sections: readonly SectionId[]): Control {
  return { id, topic, sections };
}

export const FRAMEWORKS: Readonly<Record<FrameworkId, Framework>> = {
  'pci-dss': {
    title: 'PCI DSS 4.0.1, requirements 3 and 10',
    controls: [
      control('3.6.1', 'Keys are protected, in as few places as possible', 'inventory', 'access'),
      control('3.7.1', 'Strong keys are generated', 'inventory', 'lifecycle'),
      control('3.7.2', 'Keys are distributed safely', 'access', 'lifecycle'),
      control(
        '3.7.4',
        'Keys are changed at the end of their crypto period',
        'inventory',
        'rootKeys',
      ),
      control('3.7.5', 'Keys are retired and destroyed', 'lifecycle', 'inventory'),
      control('3.7.7', 'Keys are not replaced without authority', 'refusals', 'lifecycle'),
      control('10.2.1.2', 'Actions of administrators are logged', 'access', 'rootKeys'),
      control('10.2.1.3', 'Access to the log is logged', 'access', 'integrity'),
      control('10.2.1.4', 'Refused access is logged', 'refusals'),
      control('10.2.1.5', 'Changes of credentials are logged', 'access'),
      control('10.3.4', 'Changes of the log are detected', 'integrity'),
    ],
  },
  iso27001: {
    title: 'ISO/IEC 27001:2022, Annex A',
    controls: [
      control('A.5.18', 'Access rights', 'access'),
      control('A.5.28', 'Collection of evidence', 'integrity'),
      control('A.5.33', 'Protection of records', 'integrity'),
      control('A.8.2', 'Privileged access rights', 'access', 'rootKeys'),
      control('A.8.15', 'Logging', 'integrity', 'lifecycle'),
      control('A.8.16', 'Monitoring activities', 'refusals'),
      control('A.8.24', 'Use of cryptography', 'inventory', 'lifecycle', 'rootKeys'),
    ],
  },
  soc2: {
    title: 'SOC 2, Trust Services Criteria',
    controls: [
      control('CC6.1', 'Logical access, and protection of keys', 'inventory', 'access'),
      control('CC6.2, CC6.3', 'Access is granted, changed and removed', 'access'),
      control('CC6.7', 'Data is protected in transit', 'access'),
      control('CC7.1', 'Changes of configuration are found', 'rootKeys'),
      control('CC7.2', 'Anomalies are watched for', 'refusals', 'integrity'),
      control('CC8.1', 'Changes are managed', 'rootKeys', 'lifecycle'),
    ],
  },
  'nist-800-57': {
    title: 'NIST SP 800-57 Part 1 Rev. 5',
    controls: [
      control('5.3', 'Crypto periods are kept', 'inventory', 'rootKeys'),
      control('5.5, 8.3', 'Compromised keys are marked and replaced', 'lifecycle'),
      control('7', 'Key states, and the time of each change', 'inventory', 'lifecycle'),
      control('8.3', 'Keys are archived, deregistered and destroyed', 'lifecycle'),
      control('9', 'Accountability: who had or used a key, and when', 'access', 'lifecycle'),
      control('9', 'Audit of what people did', 'refusals', 'integrity'),
    ],
  },
};

export function isFrameworkId(text: string): text is FrameworkId {
  return FRAMEWORK_IDS.some((id) => id === text);
}
