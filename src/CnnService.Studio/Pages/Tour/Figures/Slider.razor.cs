namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>A number to be set, with its name and what it counts.</summary>
public sealed partial class Slider;
