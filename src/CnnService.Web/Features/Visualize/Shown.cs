namespace CnnService.Web.Features.Visualize;

/// <summary>What a call shows: it decides which parameters have an effect.</summary>
[Flags]
internal enum Shown
{
    /// <summary>Nothing that is known: the kind is wrong.</summary>
    Unknown = 0,

    /// <summary>Patterns of filters.</summary>
    Pattern = 1,

    /// <summary>Pictures of classes.</summary>
    Class = 2,

    /// <summary>Feature maps of a picture.</summary>
    Maps = 4,

    /// <summary>Raw kernels.</summary>
    Kernels = 8,

    /// <summary>The pictures that excite a filter most.</summary>
    Examples = 16,

    /// <summary>A receptive field.</summary>
    Field = 32,

    /// <summary>A map of a data set's pictures.</summary>
    Projection = 64,

    /// <summary>How alive filters are.</summary>
    Statistics = 128,
}
