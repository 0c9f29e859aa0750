/** Fetching checkpoints from a Hugging Face-compatible hub: the file API over HTTP, and directories that appear complete. */
@NullMarked
package io.nuner.model.hub;

import org.jspecify.annotations.NullMarked;
