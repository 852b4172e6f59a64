using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>Recipes in words, for people who need not know the API.</summary>
internal static class RecipeWords
{
    public static string Name(RecipeResource recipe) => recipe.Name switch
    {
        "quick" => "Quick",
        "best" => "Best",
        "article" => "From scratch",
        _ => recipe.Name,
    };

    public static string Summary(RecipeResource recipe) => recipe.Name switch
    {
        "quick" => "A network trained on ImageNet stays as it is, and learns to tell your classes apart by what it sees. "
            + "Good from ten images a class on.",
        "best" => "As Quick, then the end of the network is trained on your images too, and the better of both is kept.",
        "article" => "A small network is trained on your images alone. It wants many of them, and every layer of it is yours to look into.",
        _ => recipe.Summary,
    };

    /// <summary>The recommended one first, then by what they promise.</summary>
    public static int Place(RecipeResource recipe) => recipe.Name switch
    {
        "quick" => 0,
        "best" => 1,
        "article" => 2,
        _ => 3,
    };
}
