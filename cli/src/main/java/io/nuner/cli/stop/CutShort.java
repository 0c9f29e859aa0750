package io.nuner.cli.stop;

/** Work that may end anywhere: the next run of the same command continues from what it left. */
final class CutShort implements Stoppable {
    @Override
    public int stop(StopSignal signal) {
        return signal.exitCode();
    }

    @Override
    public void hurry() {
        // it does not wait for anything
    }
}
