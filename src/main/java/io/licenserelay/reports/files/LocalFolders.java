package io.licenserelay.reports.files;

import io.licenserelay.config.site.Site;

/** Folders that only this relay uses. */
final class LocalFolders implements FolderCheck {
    @Override
    public void requireInbox(Site site) {}

    @Override
    public void requireOutbox(Site site) {}

    @Override
    public void recheck(Site site) {}

    @Override
    public boolean isUsable(String site) {
        return true;
    }
}
