/** The schemas of what `--json` prints in; schemas/*.schema.json and the validator of saved plans out. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { planSchema } from '../src/render/schemas/resource.js'
import { documentSchema, results, watchSchema } from '../src/render/schemas.js'

const root = new URL('../', import.meta.url)
for (const folder of ['schemas/', 'src/generated/']) mkdirSync(new URL(folder, root), { recursive: true })

const schemas = (Object.keys(results) as (keyof typeof results)[]).map(name => [name, documentSchema(name)] as const)
for (const [name, schema] of [...schemas, ['watch', watchSchema] as const]) {
  const text = `${JSON.stringify(schema, null, 2)}\n`
  writeFileSync(new URL(`schemas/${name}.schema.json`, root), text)
}

const ajv = new Ajv({ strict: true, messages: false, code: { source: true, esm: true } })
const validator = standalone.default(ajv, ajv.compile(planSchema))
if (validator.includes('require(')) throw new Error('the validator wants a package at run time')
writeFileSync(new URL('src/generated/validate-plan.js', root), validator)
writeFileSync(
  new URL('src/generated/validate-plan.d.ts', root),
  `import type { ErrorObject } from 'ajv'
import type { Plan } from '../model/plan.js'
declare const validate: { (data: unknown): data is Plan; errors?: readonly ErrorObject[] | null }
export default validate
`,
)
