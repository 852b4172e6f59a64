namespace CnnService.Web.Features.Visualize;

/// <summary>Whose largest weight has the strongest colour.</summary>
internal enum KernelScale
{
    /// <summary>The layer's: filters can be compared.</summary>
    Layer,

    /// <summary>Each filter's own.</summary>
    Filter,
}
