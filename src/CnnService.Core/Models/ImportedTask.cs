namespace CnnService.Core.Models;

/// <summary>What a network is for.</summary>
public enum ImportedTask
{
    /// <summary>A choice between classes.</summary>
    SingleLabel,

    /// <summary>A probability for each class by itself: several can be right at once.</summary>
    MultiLabel,

    /// <summary>No classes: features to be looked into, or tensors to be asked for under <c>/v2</c>.</summary>
    Tensors,
}
