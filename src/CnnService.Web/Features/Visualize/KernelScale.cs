namespace CnnService.Web.Features.Visualize;

/// <summary>The weights whose largest magnitude has the strongest colour.</summary>
internal enum KernelScale
{
    /// <summary>Those of the layer: filters are comparable.</summary>
    Layer,

    /// <summary>Those of each filter.</summary>
    Filter,
}
