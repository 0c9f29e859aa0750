package io.nuner.gputest.stage;

/** What a stage does. One thread at a time. */
@FunctionalInterface
interface StageTask {
    /**
     * Does it, and writes down each figure as soon as there is one.
     *
     * @throws Exception whatever went wrong; its message becomes the stage's reason
     */
    void run(StageContext context) throws Exception;
}
