/**
 * What is asked about a text, its way to the batcher in one row or in several, and the answer made of their scores.
 *
 * <p>To read in this order:
 *
 * <ol>
 *   <li>{@link io.nuner.server.texts.Extractor}: the way in, for every call that holds texts
 *   <li>{@link io.nuner.server.texts.ResolvedOptions}: what the caller asks for, with all defaults filled in
 *   <li>{@link io.nuner.server.texts.SingleRowTask}: the work on a text that the model reads at once
 *   <li>{@link io.nuner.server.texts.WindowedTask}: the work on any other, window by window
 *   <li>{@link io.nuner.server.texts.EntitySink}: where the entities of a windowed text go
 *   <li>{@link io.nuner.server.texts.Answer}: where the result of each text goes, counted by {@link
 *       io.nuner.server.texts.CountingAnswer}
 * </ol>
 */
@NullMarked
package io.nuner.server.texts;

import org.jspecify.annotations.NullMarked;
