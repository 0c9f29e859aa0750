/** What decoding one window costs, beside the decoder of the time before windows. */
@NullMarked
package io.nuner.micro.decode;

import org.jspecify.annotations.NullMarked;
