/** How many texts a second go through the forms of call that the contract has. */
@NullMarked
package io.nuner.load.forms;

import org.jspecify.annotations.NullMarked;
