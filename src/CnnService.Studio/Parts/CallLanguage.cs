namespace CnnService.Studio.Parts;

/// <summary>What a call is written in.</summary>
internal enum CallLanguage
{
    /// <summary>The command line of curl.</summary>
    Curl,

    /// <summary>With the typed client.</summary>
    CSharp,

    /// <summary>With requests.</summary>
    Python,

    /// <summary>With fetch.</summary>
    JavaScript,
}
