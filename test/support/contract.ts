import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components?: object;
}

interface Checker {
  contract: Contract;
  ajv: Ajv2020;
  compiled: Map<string, ValidateFunction>;
}

const checkers = new Map<string, Promise<Checker>>();

/** Fails when an answer of the running API is not what its own OpenAPI document says. Calls that it does not know pass. */
export async function checkAgainstContract(
  url: string,
  method: string,
  path: string,
  answer: { status: number; headers: Headers; body: unknown },
): Promise<void> {
  const { contract, ajv, compiled } = await checkerOf(url);
  const plain = path.split('?')[0] ?? path;
  const template = Object.keys(contract.paths).find((candidate) =>
    new RegExp(`^${candidate.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  const operation = template && contract.paths[template]?.[method.toLowerCase()];
  if (!operation) return;
  const response = operation.responses[String(answer.status)] ?? operation.responses['default'];
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const where = `${method} ${template} ${answer.status}`;
  if (!response) throw new Error(`${where} is not in the contract`);
  const schema = response.content?.[type]?.schema;
  if (!response.content) {
    if (answer.body !== undefined) throw new Error(`${where} has a body that the contract does not know`);
    return;
  }
  if (!schema) throw new Error(`${where} answered ${type}, which is not in the contract`);
  let validate = compiled.get(where);
  if (!validate) {
    validate = ajv.compile({ ...schema, components: contract.components });
    compiled.set(where, validate);
  }
  if (!validate(answer.body)) {
    throw new Error(`${where} is not what the contract says: ${ajv.errorsText(validate.errors)}`);
  }
}

async function checkerOf(url: string): Promise<Checker> {
  const known = checkers.get(url);
  if (known) return known;
  const made = (async () => {
    const contract = (await (await fetch(`${url}/openapi.json`)).json()) as Contract;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    return { contract, ajv, compiled: new Map<string, ValidateFunction>() };
  })();
  checkers.set(url, made);
  return made;
}
