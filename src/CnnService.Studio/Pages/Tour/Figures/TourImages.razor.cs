namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>Chooses one of the drawn images.</summary>
public sealed partial class TourImages;
