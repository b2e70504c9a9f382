/**
 * The peer of langium.ts: reads, links and validates a spec with Langium 4. Started by langium.ts from the folder that
 * Langium is installed in, so that its imports are found there.
 *
 *   node langium-peer.js prepare LANGUAGE.langium GRAMMAR.json   what `langium generate` does, once
 *   node langium-peer.js run GRAMMAR.json VOCABULARY.json SPEC REPEATS
 *   node langium-peer.js serve GRAMMAR.json VOCABULARY.json          a language server on its streams, for lsp.ts
 */
import { readFileSync, writeFileSync } from "node:fs";

async function prepare(source, target) {
  const { EmptyFileSystem, URI } = await import("langium");
  const { createLangiumGrammarServices } = await import("langium/grammar");
  const { grammar, shared } = createLangiumGrammarServices(EmptyFileSystem);
  const document = shared.workspace.LangiumDocumentFactory.fromString(
    readFileSync(source, "utf8"),
    URI.parse("memory:/language.langium"),
  );
  await shared.workspace.DocumentBuilder.build([document], { validation: true });
  const errors = document.diagnostics.filter(({ severity }) => severity === 1);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  writeFileSync(target, grammar.serializer.JsonSerializer.serialize(document.parseResult.value));
}

async function run(grammarFile, vocabularyFile, specFile, repeats) {
  const spec = readFileSync(specFile, "utf8");
  const vocabulary = JSON.parse(readFileSync(vocabularyFile, "utf8"));
  const { services, langium } = await createLanguage(readFileSync(grammarFile, "utf8"), vocabulary);
  const { LangiumDocumentFactory, LangiumDocuments, DocumentBuilder } = services.shared.workspace;

  const library = LangiumDocumentFactory.fromString(
    vocabulary.words.map((word) => `word ${word}`).join("\n"),
    langium.URI.parse("builtin:/vocabulary.mlops"),
  );
  LangiumDocuments.addDocument(library);
  await DocumentBuilder.build([library], { validation: false });

  const times = [];
  for (let repeat = 0; repeat < Number(repeats); repeat += 1) {
    const uri = langium.URI.parse(`memory:/spec${repeat}.mlops`);
    const start = performance.now();
    const document = LangiumDocumentFactory.fromString(spec, uri);
    LangiumDocuments.addDocument(document);
    const parsed = performance.now();
    await DocumentBuilder.build([document], { validation: true });
    const end = performance.now();
    times.push({ parse: parsed - start, all: end - start });
    const { lexerErrors, parserErrors } = document.parseResult;
    const found = [...lexerErrors, ...parserErrors, ...document.diagnostics];
    if (found.length > 0)
      throw new Error(
        `Langium finds mistakes in a valid spec: ${found[0].message} ${JSON.stringify(found[0].token ?? found[0].range)}`,
      );
    if (repeat === 0) provesItsChecks(document);
    await DocumentBuilder.update([], [uri]);
  }
  console.log(JSON.stringify({ times, rss: process.resourceUsage().maxRSS * 1024 }));

  /** All references are linked: the work has been done. */
  function provesItsChecks(document) {
    if (document.references.length === 0 || document.references.some(({ ref }) => ref === undefined))
      throw new Error("Langium has not linked the spec");
  }
}

async function serve(grammarFile, vocabularyFile) {
  const vocabulary = JSON.parse(readFileSync(vocabularyFile, "utf8"));
  const { createConnection, ProposedFeatures } = await import("vscode-languageserver/node");
  const { createDefaultModule, createDefaultSharedModule, startLanguageServer } = await import("langium/lsp");
  const { NodeFileSystem } = await import("langium/node");
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const { services, langium } = await createLanguage(readFileSync(grammarFile, "utf8"), vocabulary, {
    shared: createDefaultSharedModule({ connection, ...NodeFileSystem }),
    language: createDefaultModule,
  });
  const { DefaultWorkspaceManager, URI } = langium;
  const library = vocabulary.words.map((word) => `word ${word}`).join("\n");
  const manager = services.shared.workspace.WorkspaceManager;
  if (!(manager instanceof DefaultWorkspaceManager)) throw new Error("Langium is made another way now");
  manager.loadAdditionalDocuments = async (_folders, collect) =>
    collect(
      services.shared.workspace.LangiumDocumentFactory.fromString(
        library,
        URI.parse("builtin:/vocabulary.mlops"),
      ),
    );
  startLanguageServer(services.shared);
}

async function createLanguage(json, vocabulary, modules) {
  const langium = await import("langium");
  const { interpretAstReflection } = await import("langium/grammar");
  const { createDefaultCoreModule, createDefaultSharedCoreModule, EmptyFileSystem, inject } = langium;
  const grammar = langium.loadGrammarFromJson(json);
  const reflection = interpretAstReflection(grammar);
  const sharedModule = modules?.shared ?? createDefaultSharedCoreModule(EmptyFileSystem);
  const languageModule = modules?.language ?? createDefaultCoreModule;
  const shared = inject(sharedModule, { AstReflection: () => reflection });
  const services = inject(languageModule({ shared }), {
    Grammar: () => grammar,
    LanguageMetaData: () => ({
      languageId: "mlops",
      fileExtensions: [".mlops"],
      caseInsensitive: false,
      mode: "production",
    }),
    parser: {
      ParserConfig: () => ({ maxLookahead: 3, skipValidations: true }),
      Lexer: (services) => new (itemEnds(langium))(services),
    },
    references: {
      NameProvider: () => ({ getName: nameOf, getNameNode: () => undefined }),
      ScopeProvider: (services) => new (scopes(langium))(services),
    },
  });
  shared.ServiceRegistry.register(services);
  services.validation.ValidationRegistry.register(checks(vocabulary));
  // A server's client names the folders.
  if (modules === undefined) await shared.workspace.WorkspaceManager.initializeWorkspace([]);
  return { services, langium };
}

const CONTINUES = new Set(
  "+ - * / == != < <= > >= .. -> and or in not then else when where for by on at as until within with".split(
    " ",
  ),
);

/** New lines count outside () and [], where the next line does not continue the one before. */
function itemEnds({ DefaultLexer }) {
  return class extends DefaultLexer {
    tokenize(text, options) {
      const result = super.tokenize(text, options);
      let depth = 0;
      const kept = [];
      for (const [at, token] of result.tokens.entries()) {
        const { image } = token;
        if (image === "(" || image === "[") depth += 1;
        else if (image === ")" || image === "]") depth -= 1;
        else if (token.tokenType.name === "NL") {
          const next = result.tokens[at + 1];
          if (depth > 0 || next?.tokenType.name === "NL" || CONTINUES.has(next?.image)) continue;
        }
        kept.push(token);
      }
      return { ...result, tokens: kept };
    }
  };
}

function nameOf(node) {
  return node.$type === "Phrase" ? node.operand?.name?.$refText : node.name;
}

/** A name means what stands in the blocks around it, a column that the declaration reads, a declaration, a word. */
function scopes({ DefaultScopeProvider, AstUtils, MapScope, DocumentCache }) {
  return class extends DefaultScopeProvider {
    constructor(services) {
      super(services);
      this.descriptions = services.workspace.AstNodeDescriptionProvider;
      this.files = new DocumentCache(services.shared);
    }

    getScope(context) {
      const document = AstUtils.getDocument(context.container);
      const { declarations, scope } = this.files.get(document.uri, "declarations", () =>
        this.ofFile(document),
      );
      const declaration = topLevel(context.container);
      if (declaration?.$type !== "Phrase") return scope;
      return this.files.get(document.uri, declaration, () => {
        const columns = this.columnsOf(declaration, declarations, new Set());
        return columns.length === 0 ? scope : new MapScope(columns, scope);
      });
    }

    ofFile(document) {
      const declarations = new Map();
      for (const item of document.parseResult.value.items) {
        if (item.$type === "Phrase" && nameOf(item) !== undefined) declarations.set(nameOf(item), item);
      }
      const described = [...declarations].map(([name, node]) =>
        this.descriptions.createDescription(node, name, document),
      );
      return { declarations, scope: new MapScope(described, this.getGlobalScope("Named")) };
    }

    columnsOf(declaration, declarations, seen) {
      if (declaration === undefined || seen.has(declaration)) return [];
      seen.add(declaration);
      const found = [];
      for (const item of AstUtils.streamAst(declaration)) {
        if (item.$type !== "Column" && item.$type !== "Attribute") continue;
        found.push(this.descriptions.createDescription(item, item.name));
      }
      for (const name of readBy(declaration))
        found.push(...this.columnsOf(declarations.get(name), declarations, seen));
      return found;
    }
  };
}

/** The names of the declarations whose columns a declaration sees. */
function* readBy(declaration) {
  for (const item of declaration.block?.items ?? []) {
    if (item.$type === "Attribute" && ["from", "data", "model"].includes(item.name))
      yield (item.value.object ?? item.value).name?.$refText;
    // A gate sees the columns of what it judges: `require scored.f1 >= 80% by country`.
    let object = item.$type === "Phrase" && item.head === "require" ? item.operand : undefined;
    while (object !== undefined && object.$type !== "Reference") object = object.left ?? object.object;
    if (object !== undefined) yield object.name.$refText;
  }
}

function topLevel(node) {
  let at = node;
  while (at.$container?.$container !== undefined) at = at.$container;
  return at;
}

/** Names declared twice; kinds, variants and attributes that no vocabulary knows; parts and metrics that nobody offers. */
function checks({ kinds }) {
  return {
    File(file, accept) {
      const seen = new Set();
      for (const item of file.items) {
        if (item.$type !== "Phrase" || item.operand?.$type !== "Reference") continue;
        const name = item.operand.name.$refText;
        if (seen.has(name)) accept("error", `${name} is declared twice`, { node: item });
        seen.add(name);
      }
    },
    Phrase(phrase, accept) {
      if (phrase.$container.$type !== "File") return;
      const kind = kinds[phrase.head];
      if (kind === undefined) {
        if (!["mlops", "param", "secret", "word"].includes(phrase.head))
          accept("error", `no kind is called ${phrase.head}`, { node: phrase, property: "head" });
        return;
      }
      const attributes = kind[phrase.variant?.name?.$refText ?? phrase.head];
      if (attributes === undefined) {
        accept("error", `${phrase.head} has no such variant`, { node: phrase });
        return;
      }
      for (const item of phrase.block?.items ?? []) {
        const name = item.$type === "Phrase" ? item.head : item.name;
        if (!attributes.includes(name)) accept("error", `no attribute is called ${name}`, { node: item });
      }
    },
    Block(block, accept) {
      const seen = new Set();
      for (const item of block.items) {
        if (item.$type !== "Attribute" && item.$type !== "Column") continue;
        if (seen.has(item.name)) accept("error", `${item.name} stands twice`, { node: item });
        seen.add(item.name);
      }
    },
    Member(member, accept) {
      const object = member.object.$type === "Reference" ? member.object.name.ref : undefined;
      if (object?.$type !== "Phrase" || object.head === "word") return;
      const offered = offers(object, new Set());
      if (offered !== null && !offered.has(member.member))
        accept("error", `${member.member} is offered by nobody`, { node: member, property: "member" });
    },
  };

  /** The parts of a dataset's split, through what reads it; the metrics of an evaluation. */
  function offers(declaration, seen) {
    if (seen.has(declaration)) return null;
    seen.add(declaration);
    for (const item of declaration.block?.items ?? []) {
      if (item.$type === "Phrase" && item.head === "split")
        return new Set(item.block.items.map(({ name }) => name));
      if (item.$type !== "Attribute") continue;
      if (item.name === "metrics")
        return new Set(item.value.items.map((value) => (value.callee ?? value).name.$refText));
      if (item.name === "from" && item.value.name?.ref !== undefined)
        return offers(item.value.name.ref, seen);
    }
    return null;
  }
}

const [task, ...args] = process.argv.slice(2);
if (task === "prepare") await prepare(...args);
else if (task === "serve") await serve(...args);
else await run(...args);
