package io.licenserelay.manager;

/** The login methods of a Manager. */
enum LoginDialect {
    /** The form of the login page. The Manager answers with a session cookie. */
    FORM,
    /** A JSON web token, from 20.18.1 on. */
    TOKEN
}
