namespace CnnService.Studio.Pages.Try;

/// <summary>Programs in several languages, to be copied.</summary>
public sealed partial class CodeTabs;
