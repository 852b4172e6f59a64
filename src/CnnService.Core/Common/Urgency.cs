namespace CnnService.Core.Common;

/// <summary>How urgent a computation is among those of the same caller, in ascending order.</summary>
public enum Urgency
{
    /// <summary>Nobody waits for it at the moment; somebody may ask again.</summary>
    Unattended,

    /// <summary>A program waits for it.</summary>
    Attended,

    /// <summary>A person waits for it in a browser.</summary>
    Personal,
}
