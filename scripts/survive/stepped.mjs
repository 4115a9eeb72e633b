// Turns compiled modules into modules whose functions stop before each access to shared memory.
//
// Every function that calls Atomics, or a function that does, becomes a generator. It yields what it is about
// to do, and goes on with the result that it is sent. So a scheduler can run any number of "threads" of the
// real code in any order. With each stop come the places and the local variables of all functions on the
// stack: two stops with the same of them go on in the same way.
//
// The translation is strict. What it does not understand, it refuses: a model of other code proves nothing.
import ts from 'typescript';

const operations = ['load', 'store', 'add', 'sub', 'compareExchange', 'wait', 'notify'];

/**
 * @param code a compiled module
 * @param options.file its name, for messages
 * @param options.stepped names of imported functions that are generators, and of what else has to be called
 *   as one: `program.run`, or a parameter that holds a function
 * @param options.constants values for constants of the module: each has to be there
 * @returns `make(environment)`, which returns what the module exports; and the names of the functions that
 *   became generators
 */
export function step(code, { file, stepped = [], constants = {} }) {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
  const fail = (node, why) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    throw new Error(`${file}:${line + 1}: ${why}: ${node.getText().split('\n')[0]}`);
  };
  const { functions, names } = findStepped(source, new Set(stepped), fail);
  const left = new Set(Object.keys(constants));
  const exported = [];
  const imports = [];
  const variables = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Let)) continue;
    for (const { name } of statement.declarationList.declarations) variables.push(name.text);
  }

  let site = 0;
  const transform = (context) => {
    const f = context.factory;
    const id = (name) => f.createIdentifier(name);
    let scopes = [];
    /** The place, and the variables that have a value here. */
    const frame = () => {
      const seen = [...new Set([...variables, ...scopes.flat()])];
      return f.createArrayLiteralExpression([f.createNumericLiteral(site++), ...seen.map(id)]);
    };
    const scoped = (node) => {
      const outer = scopes;
      scopes = [...scopes, []];
      const visited = ts.visitEachChild(node, visit, context);
      scopes = outer;
      return visited;
    };
    const call = (node) => {
      const place = frame();
      const args = node.arguments.map((argument) => ts.visitNode(argument, visit));
      const what = isAtomics(node)
        ? f.createYieldExpression(
            undefined,
            f.createCallExpression(id('$operation'), undefined, [
              place,
              f.createStringLiteral(node.expression.name.text),
              ...args,
            ]),
          )
        : f.createYieldExpression(
            f.createToken(ts.SyntaxKind.AsteriskToken),
            f.createCallExpression(id('$call'), undefined, [
              place,
              f.createCallExpression(node.expression, undefined, args),
            ]),
          );
      return f.createParenthesizedExpression(what);
    };
    const generator = (node) => {
      const outer = scopes;
      const parameters = node.parameters.flatMap(({ name }) => namesOf(name));
      // A function within another one sees its variables; those of the module are always there.
      scopes = [...(ts.isFunctionDeclaration(node) ? [] : scopes), parameters];
      const body = ts.isBlock(node.body)
        ? ts.visitEachChild(node.body, visit, context)
        : f.createBlock([f.createReturnStatement(ts.visitNode(node.body, visit))]);
      scopes = outer;
      const star = f.createToken(ts.SyntaxKind.AsteriskToken);
      if (!ts.isFunctionDeclaration(node)) {
        return f.createFunctionExpression(
          undefined,
          star,
          undefined,
          undefined,
          node.parameters,
          undefined,
          body,
        );
      }
      return f.createFunctionDeclaration(
        undefined,
        star,
        node.name,
        undefined,
        node.parameters,
        undefined,
        body,
      );
    };
    const visit = (node) => {
      if (functions.has(node)) return generator(node);
      if (ts.isCallExpression(node) && (isAtomics(node) || names.has(calleeOf(node)))) return call(node);
      if (ts.isVariableDeclaration(node)) {
        const visited = ts.visitEachChild(node, visit, context);
        scopes.at(-1)?.push(...namesOf(node.name));
        return visited;
      }
      if (ts.isBlock(node) || ts.isForStatement(node) || ts.isForOfStatement(node)) return scoped(node);
      return ts.visitEachChild(node, visit, context);
    };
    const statement = (node) => {
      if (ts.isImportDeclaration(node)) {
        // One that binds no name is over before any thread begins to work.
        if (!node.importClause) return f.createEmptyStatement();
        const bound = node.importClause.namedBindings.elements.map(({ name }) => name.text).join(', ');
        imports.push(`const { ${bound} } = $import(${JSON.stringify(node.moduleSpecifier.text)});`);
        return f.createEmptyStatement();
      }
      const isExport = (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      if (isExport && ts.isVariableStatement(node)) {
        exported.push(...node.declarationList.declarations.map(({ name }) => name.text));
      } else if (isExport) exported.push(node.name.text);
      if (ts.isVariableStatement(node)) {
        const declarations = node.declarationList.declarations.map((declaration) => {
          const name = declaration.name.text;
          if (!left.delete(name)) return ts.visitEachChild(declaration, visit, context);
          const value = f.createNumericLiteral(constants[name]);
          return f.createVariableDeclaration(name, undefined, undefined, value);
        });
        return f.createVariableStatement(
          undefined,
          f.createVariableDeclarationList(declarations, node.declarationList.flags),
        );
      }
      const visited = ts.visitNode(node, visit);
      if (!isExport || functions.has(node)) return visited;
      if (ts.isFunctionDeclaration(visited)) {
        const { name, parameters, body } = visited;
        return f.createFunctionDeclaration(
          undefined,
          undefined,
          name,
          undefined,
          parameters,
          undefined,
          body,
        );
      }
      if (ts.isClassDeclaration(visited)) {
        return f.createClassDeclaration(
          undefined,
          visited.name,
          undefined,
          visited.heritageClauses,
          visited.members,
        );
      }
      return fail(node, 'an export that is neither variable, function nor class');
    };
    return (root) => f.updateSourceFile(root, root.statements.map(statement));
  };
  const { transformed } = ts.transform(source, [transform]);
  if (left.size > 0) throw new Error(`${file}: expected the constants ${[...left].join(', ')}`);
  const text = ts.createPrinter({ removeComments: true }).printFile(transformed[0]);
  if (/\bAtomics\b/.test(text)) throw new Error(`${file}: an access to shared memory was not translated`);
  const outputs = [...exported, `$variables: () => [${variables.join(', ')}]`].join(', ');
  const make = new Function(
    ...['$operation', '$call', '$import', 'performance'],
    `'use strict';\n${imports.join('\n')}\n${text}\nreturn { ${outputs} };`,
  );
  return {
    generators: [...functions].filter(ts.isFunctionDeclaration).map(({ name }) => name.text),
    make: ({ operation, call, load }) => make(operation, call, load, { now: () => 0 }),
  };
}

/** The functions that touch shared memory, themselves or through others, and all names that call them. */
function findStepped(source, stepped, fail) {
  const names = new Set(stepped);
  const functions = new Set();
  const visit = (node, inside) => {
    const within = ts.isFunctionLike(node) ? node : inside;
    if (ts.isCallExpression(node) && (isAtomics(node) || names.has(calleeOf(node)))) {
      if (!within) fail(node, 'a module that touches shared memory when it is loaded');
      functions.add(within);
      if (ts.isFunctionDeclaration(within)) names.add(within.name.text);
    }
    ts.forEachChild(node, (child) => visit(child, within));
  };
  for (let before = -1; before < functions.size; ) {
    before = functions.size;
    visit(source, undefined);
  }
  const check = (node, inside) => {
    const within = ts.isFunctionLike(node) ? node : inside;
    if (ts.isIdentifier(node)) checkName(node);
    const isOwn = functions.has(within) && !ts.isFunctionDeclaration(within);
    if (isOwn && (ts.isBinaryExpression(node) || ts.isPostfixUnaryExpression(node))) {
      fail(node, 'only calls are understood in a function within another one');
    }
    if (functions.has(node) && !ts.isFunctionDeclaration(node)) {
      const takes = ts.isCallExpression(node.parent) && names.has(calleeOf(node.parent));
      if (!takes) fail(node, 'a function that touches shared memory has to be an argument of one that does');
    }
    if (node.kind === ts.SyntaxKind.ThisKeyword && functions.has(within)) fail(node, 'no `this` here');
    ts.forEachChild(node, (child) => check(child, within));
  };
  const checkName = (node) => {
    const { parent } = node;
    if (node.text === 'Atomics') {
      if (!isAtomics(parent.parent)) fail(node.parent, 'only calls of Atomics are understood');
      return;
    }
    const isCalled = ts.isCallExpression(parent) && parent.expression === node;
    const isName = ts.isFunctionDeclaration(parent) || ts.isParameter(parent) || ts.isImportSpecifier(parent);
    if (names.has(node.text) && !isCalled && !isName && !ts.isPropertyAccessExpression(parent)) {
      fail(node, 'a function that touches shared memory may only be called');
    }
  };
  check(source, undefined);
  return { functions, names };
}

function isAtomics(node) {
  if (!node || !ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  return ts.isIdentifier(expression) && expression.text === 'Atomics' && operations.includes(name.text);
}

/** `open`, or `program.run`. */
function calleeOf({ expression }) {
  return expression.getText();
}

function namesOf(name) {
  return ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => namesOf(element.name));
}
