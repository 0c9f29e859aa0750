/** What is asked about a text, its way to the batcher in one row or in several, and the answer made of their scores. */
@NullMarked
package io.nuner.server.texts;

import org.jspecify.annotations.NullMarked;
