using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>What is rarely needed: a line that opens.</summary>
public sealed partial class Folded
{
    /// <summary>What is behind it.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>Whether it starts open.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Called when it is opened or closed: what is behind it may be fetched only then.</summary>
    [Parameter]
    public EventCallback Opened { get; set; }

    /// <summary>What is folded away.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
