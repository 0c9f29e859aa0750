package io.nuner.cli.stop;

/** Work that may end anywhere: what it leaves behind, the next run of the same command finds. */
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
