/** Race tests of what only the batcher's package sees. */
@NullMarked
package io.nuner.server.batching;

import org.jspecify.annotations.NullMarked;
