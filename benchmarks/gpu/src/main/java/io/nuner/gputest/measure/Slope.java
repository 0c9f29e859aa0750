package io.nuner.gputest.measure;

/** The straight line through points that come one by one, by least squares. One thread at a time. */
public final class Slope {
    private int count;
    private double meanX;
    private double meanY;
    private double squares;
    private double products;

    /** Takes a point. */
    public void add(double x, double y) {
        count++;
        double fromMeanX = x - meanX;
        meanX += fromMeanX / count;
        meanY += (y - meanY) / count;
        squares += fromMeanX * (x - meanX);
        products += fromMeanX * (y - meanY);
    }

    /** Points taken. */
    public int count() {
        return count;
    }

    /** Rise for each unit of x; 0 before there are two different x. */
    public double perUnit() {
        return squares == 0 ? 0 : products / squares;
    }
}
