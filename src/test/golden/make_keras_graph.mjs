// Functional models as TensorFlow.js writes and computes them, in float32.
//
// Writes keras_graph.jsonl.gz beside the other golden cases. In a folder where
// `npm i @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0`
// was run: node make_keras_graph.mjs OUTPUT.jsonl; then gzip -n.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import { writeFileSync } from 'fs';

const { input, model, sequential } = layers;
const l = layers.layers;
let state = 12345;

/** A number from -1 to 1, the same on every machine. */
function next() {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return Math.fround(Math.round((state / 0x40000000 - 1) * 512) / 512);
}

function tensor(shape) {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Array.from({ length: size }, next), shape);
}

function document(t) {
  return { shape: t.shape, data: Array.from(t.dataSync()) };
}

const cases = {
  residual() {
    const x = input({ shape: [6, 5, 3], name: 'x' });
    const conv = l.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'conv' }).apply(x);
    const norm = l.batchNormalization({ name: 'norm' }).apply(conv);
    const relu = l.activation({ activation: 'relu', name: 'relu' }).apply(norm);
    const short = l.conv2d({ filters: 4, kernelSize: 1, name: 'short' }).apply(x);
    const sum = l.add({ name: 'sum' }).apply([relu, short]);
    const cat = l.concatenate({ name: 'cat' }).apply([sum, x]);
    const pool = l.globalAveragePooling2d({ name: 'pool' }).apply(cat);
    const gate = l.dense({ units: 7, activation: 'sigmoid', name: 'gate' }).apply(pool);
    const scaled = l.multiply({ name: 'scaled' }).apply([pool, gate]);
    return model({ inputs: x, outputs: l.dense({ units: 2, activation: 'softmax', name: 'out' }).apply(scaled) });
  },
  merges() {
    const x = input({ shape: [5], name: 'x' });
    const a = l.dense({ units: 4, name: 'a' }).apply(x);
    const b = l.dense({ units: 4, activation: 'tanh', name: 'b' }).apply(x);
    const greatest = l.maximum({ name: 'greatest' }).apply([a, b]);
    const least = l.minimum({ name: 'least' }).apply([a, b]);
    const mean = l.average({ name: 'mean' }).apply([a, b, greatest]);
    const dot = l.dot({ axes: 1, name: 'dot' }).apply([least, mean]);
    return model({ inputs: x, outputs: l.concatenate({ axis: 1, name: 'all' }).apply([greatest, least, mean, dot]) });
  },
  shared() {
    const x = input({ shape: [4], name: 'x' });
    const shared = l.dense({ units: 4, activation: 'relu', name: 'shared' });
    const once = shared.apply(x);
    const twice = shared.apply(l.dense({ units: 4, name: 'between' }).apply(once));
    return model({ inputs: x, outputs: l.add({ name: 'sum' }).apply([once, twice]) });
  },
  nested() {
    const inner = sequential({ name: 'features' });
    inner.add(l.conv2d({ inputShape: [7, 7, 2], filters: 3, kernelSize: 3, strides: 2, activation: 'relu', name: 'c' }));
    inner.add(l.maxPooling2d({ poolSize: 2, name: 'p' }));
    const x = input({ shape: [7, 7, 2], name: 'x' });
    const flat = l.flatten({ name: 'flat' }).apply(inner.apply(x));
    return model({ inputs: x, outputs: l.dense({ units: 3, name: 'out' }).apply(flat) });
  },
  inception() {
    const x = input({ shape: [8, 6, 2], name: 'x' });
    const a = l.conv2d({ filters: 2, kernelSize: 1, activation: 'relu', name: 'a' }).apply(x);
    const b = l.conv2d({ filters: 3, kernelSize: [3, 1], padding: 'same', name: 'b' }).apply(a);
    const c = l.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same', name: 'c' }).apply(x);
    const d = l.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'd' }).apply(x);
    const cat = l.concatenate({ name: 'cat' }).apply([a, b, c, d]);
    const up = l.upSampling2d({ size: [2, 2], name: 'up' }).apply(cat);
    const z = l.zeroPadding2d({ padding: [[1, 0], [0, 2]], name: 'z' }).apply(up);
    return model({ inputs: x, outputs: l.averagePooling2d({ poolSize: 2, name: 'out' }).apply(z) });
  },
  sequence() {
    const x = input({ shape: [5, 3], name: 'x' });
    const all = l.dense({ units: 4, activation: 'relu', name: 'all' }).apply(x);
    const score = l.dense({ units: 4, activation: 'tanh', name: 'score' }).apply(all);
    const pairs = l.dot({ axes: [2, 2], name: 'pairs' }).apply([all, score]);
    const mixed = l.dot({ axes: [2, 1], name: 'mixed' }).apply([pairs, all]);
    return model({ inputs: x, outputs: l.globalAveragePooling1d({ name: 'out' }).apply(mixed) });
  },
};

const NAMES = { kernel: 'weight', bias: 'bias', gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var' };

/** A weight by PyTorch's name and in its layout. */
function converted(path, name, value) {
  if (name === 'depthwise_kernel') {
    const [h, w, c, m] = value.shape;
    return [`${path}.weight`, tf.reshape(tf.transpose(value, [2, 3, 0, 1]), [c * m, 1, h, w])];
  }
  if (name === 'kernel' && value.rank === 4) return [`${path}.weight`, tf.transpose(value, [3, 2, 0, 1])];
  if (name === 'kernel') return [`${path}.weight`, tf.transpose(value)];
  return [`${path}.${NAMES[name]}`, value];
}

const lines = [];
for (const [name, make] of Object.entries(cases)) {
  const net = make();
  const weights = {};
  const visit = (layer, prefix) => {
    if (layer.layers) {
      for (const part of layer.layers) visit(part, layer === net ? '' : `${layer.name}.`);
      return;
    }
    const values = layer.weights.map((w) => tensor(w.shape));
    layer.weights.forEach((w, i) => { if (w.originalName.includes('variance')) values[i] = tf.add(tf.abs(values[i]), 0.5); });
    if (values.length) layer.setWeights(values);
    layer.weights.forEach((w, i) => {
      const own = w.originalName.split('/').pop();
      const [key, value] = converted(prefix + layer.name, own, values[i]);
      weights[key] = document(value);
    });
  };
  visit(net, '');
  const x = tensor([2, ...net.inputs[0].shape.slice(1)]);
  const y = net.predict(x);
  lines.push(JSON.stringify({
    name, op: 'keras_graph', args: {}, text: JSON.stringify(net.toJSON(null, false)),
    inputs: { input: document(x) }, outputs: { output: document(y) }, weights,
  }));
}
writeFileSync(process.argv[2], lines.join('\n') + '\n');
