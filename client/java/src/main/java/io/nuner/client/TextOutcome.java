package io.nuner.client;

/**
 * What became of one text of a stream. Immutable.
 *
 * @param index which text it was, counted from 0
 * @param text the text itself
 * @param outcome its entities, or the reason there are none
 */
public record TextOutcome(long index, String text, Outcome outcome) {}
