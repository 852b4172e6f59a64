using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>A class with its colour, the same everywhere and in the service's plots: that of its number among the classes.</summary>
public sealed partial class ClassChip
{
    /// <summary>The class.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = string.Empty;

    /// <summary>Its number among the data set's or the model's classes, from 0.</summary>
    [Parameter, EditorRequired]
    public int Index { get; set; }

    /// <summary>Behind the name: a count, a probability.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
