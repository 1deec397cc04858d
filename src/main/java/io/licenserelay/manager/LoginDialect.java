package io.licenserelay.manager;

/** How a Manager takes a login. */
enum LoginDialect {
    /** The form of its login page, answered by a session cookie. */
    FORM,
    /** A JSON web token, from 20.18.1 on. */
    TOKEN
}
