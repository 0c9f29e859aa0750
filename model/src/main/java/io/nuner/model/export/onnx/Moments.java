package io.nuner.model.export.onnx;

/**
 * Mean and deviation of each channel of a tensor, as the weights before it let one expect without any text. Channels are taken as
 * independent of each other, which is rough, yet finds those that are far larger than the others (docs/adr/0026). Immutable.
 * Any thread.
 */
public final class Moments {
    /** A magnitude is the mean's and so many deviations. */
    private static final double DEVIATIONS = 4;

    private final double[] means;
    private final double[] deviations;

    private Moments(double[] means, double[] deviations) {
        this.means = means;
        this.deviations = deviations;
    }

    /** Behind a layer norm: its bias is the mean, its gain the deviation. */
    public static Moments ofNorm(float[] gain, float[] bias) {
        double[] means = new double[gain.length];
        double[] deviations = new double[gain.length];
        for (int i = 0; i < gain.length; i++) {
            means[i] = bias[i];
            deviations[i] = Math.abs(gain[i]);
        }
        return new Moments(means, deviations);
    }

    /**
     * Behind a linear layer that reads this tensor.
     *
     * @param weight row by row, a row for each output
     * @param bias one for each output
     */
    public Moments through(float[] weight, float[] bias) {
        int inputs = means.length;
        if (weight.length != Math.multiplyExact(bias.length, inputs)) {
            throw new IllegalArgumentException(
                    weight.length + " weights for " + bias.length + " outputs of " + inputs + " inputs");
        }
        double[] outputMeans = new double[bias.length];
        double[] outputDeviations = new double[bias.length];
        for (int output = 0; output < bias.length; output++) {
            double mean = bias[output];
            double variance = 0;
            for (int input = 0; input < inputs; input++) {
                double value = weight[output * inputs + input];
                mean += value * means[input];
                variance += value * value * deviations[input] * deviations[input];
            }
            outputMeans[output] = mean;
            outputDeviations[output] = Math.sqrt(variance);
        }
        return new Moments(outputMeans, outputDeviations);
    }

    /** Of each channel what its magnitude may reach. */
    public float[] magnitudes() {
        float[] magnitudes = new float[means.length];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = (float) (Math.abs(means[i]) + DEVIATIONS * deviations[i]);
        }
        return magnitudes;
    }

    /** The same behind Gelu or Relu, which let little or nothing below zero through. */
    public float[] rectifiedMagnitudes() {
        float[] magnitudes = new float[means.length];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = (float) Math.max(0, means[i] + DEVIATIONS * deviations[i]);
        }
        return magnitudes;
    }
}
