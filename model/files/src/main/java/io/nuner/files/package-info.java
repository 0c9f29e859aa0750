/** What several modules do with files: name what is wrong with one, replace it in one step, lock, hash, tell whose it is. A leaf. */
@NullMarked
package io.nuner.files;

import org.jspecify.annotations.NullMarked;
