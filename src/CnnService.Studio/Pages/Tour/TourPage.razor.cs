namespace CnnService.Studio.Pages.Tour;

/// <summary>The tour for teachers: a path through steps, each of them live.</summary>
public sealed partial class TourPage;
