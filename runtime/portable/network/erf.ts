/**
 * The error function in double, by steps that every runtime takes alike: ONNX Runtime has no Erf of doubles.
 * erfc(z) = t · exp(−z² + P(t)), t = 2 / (2 + z), for z ≥ 0; P as a Chebyshev series in 2t − 1 (computed from erfc
 * to 40 digits), to about 2e-16.
 */

/** Coefficients of P's series; the first counts half. */
export const ERFC_SERIES: readonly number[] = [
  -1.3026537197817094, 0.6419697923564903, 0.019476473204185836, -0.009561514786808632,
  -0.0009465953444820369, 0.00036683949785276145, 4.252332480690777e-5, -2.0278578112534242e-5,
  -1.6242900046470254e-6, 1.3036558355805232e-6, 1.5626441722066142e-8, -8.523809591492654e-8,
  6.529054439098852e-9, 5.059343495551469e-9, -9.91364156493033e-10, -2.273651222931836e-10,
  9.646791102015527e-11, 2.3940380830391146e-12, -6.886027526497553e-12, 8.944879273090726e-13,
  3.130921399342958e-13, -1.1270822361367252e-13, 3.810905255189232e-16, 7.106097613609237e-15,
  -1.5230282014571043e-15, -9.457494571291233e-17, 1.210237189224279e-16, -2.816663087747177e-17,
];

export function erf(x: number): number {
  const z = x < 0 ? -x : x;
  const t = 2 / (2 + z);
  const twice = 4 * t - 2;
  // Clenshaw's recurrence.
  let [d, before] = [0, 0];
  for (let j = ERFC_SERIES.length - 1; j > 0; j--) {
    const next = twice * d - before + ERFC_SERIES[j]!;
    before = d;
    d = next;
  }
  const complement = t * Math.exp(-z * z + 0.5 * (ERFC_SERIES[0]! + twice * d) - before);
  return x < 0 ? complement - 1 : 1 - complement;
}
