using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>Nothing here yet: what belongs here, and the one button that brings it.</summary>
public sealed partial class EmptyState
{
    /// <summary>What is not here.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>An icon of the component library.</summary>
    [Parameter]
    public string? Icon { get; set; }

    /// <summary>What belongs here.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>The button.</summary>
    [Parameter]
    public RenderFragment? Actions { get; set; }
}
