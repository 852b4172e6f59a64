using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>A screen: the question that it answers, the one thing to do next at the same place on every screen, and its call.</summary>
public sealed partial class Screen
{
    /// <summary>The heading.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>The title of the browser's tab; default: the heading.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>A sentence below the heading.</summary>
    [Parameter]
    public string? Lead { get; set; }

    /// <summary>Uses the whole width.</summary>
    [Parameter]
    public bool IsWide { get; set; }

    /// <summary>Links to where this lies, above the heading.</summary>
    [Parameter]
    public RenderFragment? Above { get; set; }

    /// <summary>The thing to do next.</summary>
    [Parameter]
    public RenderFragment? Action { get; set; }

    /// <summary>The screen.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>A <see cref="CallSnippet"/>, folded away at the end.</summary>
    [Parameter]
    public RenderFragment? Call { get; set; }
}
