// The JavaScript recipe against backprop's golden vectors, and against its own finite differences.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { BUGS, DISAGREES, buggyBackprop, disagreement } from "../../widgets/js/shared/bugs.js";
import * as recipe from "../../widgets/js/shared/recipe.js";

const golden = JSON.parse(readFileSync(new URL("../golden/recipe.json", import.meta.url), "utf-8"));

function close(got, expected, what, tolerance = 1e-12) {
  const flat = expected.flat(Infinity);
  assert.equal(got.data.length, flat.length, `${what}: the number of entries`);
  flat.forEach((value, i) => {
    const gap = Math.abs(got.data[i] - value);
    assert.ok(
      gap <= tolerance * (1 + Math.abs(value)),
      `${what}[${i}]: ${got.data[i]} is not NumPy's ${value}`,
    );
  });
}
const layersOf = (layers) =>
  Object.fromEntries(Object.entries(layers).map(([l, m]) => [l, recipe.matrix(m)]));

test("the nonlinearities and their slopes, from -1000 to 1000", () => {
  const z = recipe.matrix(golden.z);
  for (const [name, a] of Object.entries(golden.g)) close(recipe.g(name, z), a, name);
  for (const [name, slope] of Object.entries(golden.g_prime))
    close(recipe.gPrime(name, z), slope, `${name}'`);
});

test("the losses from extreme logits", () => {
  for (const [name, values] of Object.entries(golden.losses)) {
    close({ data: recipe.losses(name, recipe.matrix(golden.z), recipe.matrix(golden.Y)) }, values, name);
  }
});

test("whole passes: Z, A, delta, dW, db and J", () => {
  assert.ok(golden.networks.length >= 45);
  for (const net of golden.networks) {
    const [W, b, X, Y] = [layersOf(net.W), layersOf(net.b), recipe.matrix(net.X), recipe.matrix(net.Y)];
    const { Z, A } = recipe.forward(W, b, X, net.hidden, net.output);
    const back = recipe.backprop(W, Z, A, Y, net.hidden, net.output);
    for (const l of Object.keys(W)) {
      for (const [name, got] of Object.entries({ Z, A, ...back }))
        close(got[l], net[name][l], `${net.hidden}, ${net.output}, ${name}[${l}]`);
    }
    assert.ok(Math.abs(recipe.loss(net.output, Z[recipe.depth(W)], Y) - net.J) < 1e-12);
  }
});

test("finite differences agree with the recipe, in z and in W and b", () => {
  for (const net of golden.networks.filter((n) => n.hidden !== "relu").slice(0, 12)) {
    const [W, b, X, Y] = [layersOf(net.W), layersOf(net.b), recipe.matrix(net.X), recipe.matrix(net.Y)];
    const { Z } = recipe.forward(W, b, X, net.hidden, net.output);
    const inZ = recipe.numericalDeltas(W, b, Z, Y, net.hidden, net.output);
    const inW = recipe.numericalGradients(W, b, X, Y, net.hidden, net.output);
    for (const l of Object.keys(W)) {
      close(inZ[l], net.delta[l], "delta", 1e-8);
      close(inW.dW[l], net.dW[l], "dW", 1e-8);
      close(inW.db[l], net.db[l], "db", 1e-8);
    }
  }
});

test("each bug is seen by finite differences, and no bug isn't", () => {
  const net = golden.networks.find(
    (n) =>
      n.hidden === "tanh" && n.output === "sigmoid" && Object.keys(n.W).length === 3 && n.X[0].length > 1,
  );
  const [W, b, X, Y] = [layersOf(net.W), layersOf(net.b), recipe.matrix(net.X), recipe.matrix(net.Y)];
  const { Z, A } = recipe.forward(W, b, X, net.hidden, net.output);
  const measured = recipe.numericalGradients(W, b, X, Y, net.hidden, net.output);
  for (const bug of Object.keys(BUGS)) {
    const { dW } = buggyBackprop(bug, W, Z, A, Y, net.hidden, net.output);
    const worst = Math.max(...Object.keys(W).map((l) => disagreement(dW[l], measured.dW[l])));
    assert.equal(worst > DISAGREES, bug !== "none", `${bug}: largest gap ${worst}`);
  }
});
