namespace CnnService.Core.Common;

/// <summary>Category of a <see cref="Problem"/>; mapped to an HTTP status in one place.</summary>
public enum ProblemKind
{
    /// <summary>The request breaks a rule of the contract (HTTP 400).</summary>
    Invalid,

    /// <summary>No API key, or a wrong one (401).</summary>
    Unauthorized,

    /// <summary>The caller may not do this (403).</summary>
    Forbidden,

    /// <summary>The resource does not exist (404).</summary>
    NotFound,

    /// <summary>The resource is in a state that does not allow this (409).</summary>
    Conflict,

    /// <summary>More bytes, pixels or entries than the limit (413).</summary>
    TooLarge,

    /// <summary>The format is not supported (415).</summary>
    UnsupportedMedia,

    /// <summary>Well formed, but its content cannot be used (422).</summary>
    Unprocessable,

    /// <summary>Too many requests from this caller (429).</summary>
    TooMany,

    /// <summary>A fault that the caller did not cause (500).</summary>
    Internal,

    /// <summary>Busy or not ready; try again later (503).</summary>
    Unavailable,

    /// <summary>It took longer than allowed (504).</summary>
    Timeout,

    /// <summary>The disk is full (507).</summary>
    StorageFull,
}
