using System.Globalization;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>Work that goes on: which part, how much of it is done, how long it will take.</summary>
public sealed partial class ProgressNotice
{
    /// <summary>What is being done: "Sending", "Epoch 3 of 30".</summary>
    [Parameter, EditorRequired]
    public string Part { get; set; } = string.Empty;

    /// <summary>Beside it: "412 of 2,000 images".</summary>
    [Parameter]
    public string? Detail { get; set; }

    /// <summary>What is done, 0 to 1; null where it is not known.</summary>
    [Parameter]
    public double? Share { get; set; }

    /// <summary>Time to go; null where it is not known.</summary>
    [Parameter]
    public TimeSpan? TimeLeft { get; set; }

    private string? Left => TimeLeft is { } time ? $"{Words.Duration(time)} left"
        : Share is { } share ? Words.Percent(share, 0) : null;

    private static string Width(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"width: {100 * Math.Clamp(share, 0, 1):F1}%");
}
