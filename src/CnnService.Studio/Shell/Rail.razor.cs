using CnnService.Studio.Service;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CnnService.Studio.Shell;

/// <summary>The way to every screen.</summary>
public sealed partial class Rail
{
    private static readonly (string Address, string Name, string Icon)[] Places =
    [
        (Addresses.Home, "Home", Icons.Material.Outlined.Home),
        (Addresses.Data, "Data", Icons.Material.Outlined.PhotoLibrary),
        (Addresses.Runs, "Train", Icons.Material.Outlined.ModelTraining),
        (Addresses.Results, "Results", Icons.Material.Outlined.FactCheck),
        (Addresses.Look, "Look inside", Icons.Material.Outlined.Layers),
        (Addresses.Try, "Try", Icons.Material.Outlined.AddPhotoAlternate),
        (Addresses.Operate, "Operate", Icons.Material.Outlined.Dns),
        (Addresses.Tour, "Tour", Icons.Material.Outlined.School),
    ];

    /// <summary>Whether it is open on a narrow screen, where it lies over the page.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    [Inject]
    internal ThemeChoice Choice { get; set; } = null!;
}
