namespace CnnService.Web.Features.Explain;

/// <summary>Formats of an explanation: a figure, or its numbers.</summary>
internal enum ExplainFormat
{
    Png,
    Svg,
    Json,

    /// <summary>With NumPy's header.</summary>
    Npy,

    /// <summary>Without a header.</summary>
    F32,
}
