namespace CnnService.Core.Common;

/// <summary>What sort of failure a <see cref="Problem"/> is; the HTTP status follows from it in one place.</summary>
public enum ProblemKind
{
    /// <summary>The request breaks a rule of the contract (HTTP 400).</summary>
    Invalid,

    /// <summary>No or a wrong key (401).</summary>
    Unauthorized,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden,

    /// <summary>No such thing (404).</summary>
    NotFound,

    /// <summary>The thing is in a state that does not allow this (409).</summary>
    Conflict,

    /// <summary>More bytes, pixels or entries than the limit (413).</summary>
    TooLarge,

    /// <summary>Not a format that is read here (415).</summary>
    UnsupportedMedia,

    /// <summary>Well formed, but its content cannot be used (422).</summary>
    Unprocessable,

    /// <summary>Too many requests of this caller (429).</summary>
    TooMany,

    /// <summary>Something broke that the caller did not cause (500).</summary>
    Internal,

    /// <summary>Busy or not ready; try again later (503).</summary>
    Unavailable,

    /// <summary>It took longer than allowed (504).</summary>
    Timeout,

    /// <summary>The disk is full (507).</summary>
    StorageFull,
}
